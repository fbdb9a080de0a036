package memory

import "syscall"

// Total returns how many bytes the machine has, or 0 where the system does not
// tell.
func Total() uint64 {
	var info syscall.Sysinfo_t
	if err := syscall.Sysinfo(&info); err != nil {
		return 0
	}
	return uint64(info.Totalram) * uint64(info.Unit)
}
