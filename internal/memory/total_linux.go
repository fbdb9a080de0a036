package memory

import (
	"os"
	"syscall"
)

// Total returns how many bytes there are for this process, used ones included:
// those of the machine, or fewer where a container is bounded. It is 0 where the
// system does not tell.
func Total() uint64 {
	var info syscall.Sysinfo_t
	if err := syscall.Sysinfo(&info); err != nil {
		return 0
	}
	return min(uint64(info.Totalram)*uint64(info.Unit), groupLimit(os.DirFS("/")))
}
