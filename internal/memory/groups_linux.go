package memory

import (
	"bytes"
	"io/fs"
	"math"
	"path"
	"strconv"
	"strings"
)

// groupLimit returns how many bytes the control groups of this process may have,
// as containers are bounded, or MaxUint64 where nothing bounds them. root holds
// the folders proc and sys of the system, whose groups are of version 1, 2 or both
// (man cgroups) and are mounted where distributions and containers have them.
func groupLimit(root fs.FS) uint64 {
	limit := uint64(math.MaxUint64)
	groups, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return limit
	}
	for line := range bytes.Lines(groups) {
		parts := strings.SplitN(strings.TrimSpace(string(line)), ":", 3) // number, controllers, path
		switch {
		case len(parts) < 3:
		case parts[1] == "":
			for _, mount := range []string{"sys/fs/cgroup", "sys/fs/cgroup/unified"} {
				limit = min(limit, leastAbove(root, mount, parts[2], "memory.max"))
			}
		case strings.Contains(","+parts[1]+",", ",memory,"):
			limit = min(limit, leastAbove(root, "sys/fs/cgroup/memory", parts[2], "memory.limit_in_bytes"))
		}
	}
	return limit
}

// leastAbove returns the least number in the files of a name of a group and those
// above it: each bounds all that is in it. In a container the group may be called
// as it is outside, where only what is above it can be seen.
func leastAbove(root fs.FS, mount, group, name string) uint64 {
	least := uint64(math.MaxUint64)
	for at := path.Clean("/" + group); ; at = path.Dir(at) {
		text, err := fs.ReadFile(root, path.Join(mount, at, name))
		if n, parseErr := strconv.ParseUint(string(bytes.TrimSpace(text)), 10, 64); err == nil &&
			parseErr == nil { // where there is no bound it is "max"
			least = min(least, n)
		}
		if at == "/" {
			return least
		}
	}
}
