package memory

import (
	"math"
	"testing"
	"testing/fstest"
)

func TestGroupLimit(t *testing.T) {
	const none = math.MaxUint64
	for name, c := range map[string]struct {
		files map[string]string
		want  uint64
	}{
		"no groups": {nil, none},
		"version 2, no bound": {map[string]string{
			"proc/self/cgroup":                    "0::/user.slice\n",
			"sys/fs/cgroup/user.slice/memory.max": "max\n",
		}, none},
		"version 2, bounded above": {map[string]string{
			"proc/self/cgroup":                              "0::/user.slice/run.scope\n",
			"sys/fs/cgroup/user.slice/memory.max":           "2000\n",
			"sys/fs/cgroup/user.slice/run.scope/memory.max": "3000\n",
		}, 2000},
		"version 2, in a container": {map[string]string{
			"proc/self/cgroup":         "0::/\n",
			"sys/fs/cgroup/memory.max": "4096\n",
		}, 4096},
		"version 1": {map[string]string{
			"proc/self/cgroup":                               "5:devices:/a\n4:cpu,memory:/a/b\n0::/a\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes":     "9223372036854771712\n",
			"sys/fs/cgroup/memory/a/b/memory.limit_in_bytes": "77\n",
		}, 77},
		"version 1, named as outside the container": {map[string]string{
			"proc/self/cgroup":                           "4:memory:/docker/ab12\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "88\n",
		}, 88},
		"both, above the mount": {map[string]string{
			"proc/self/cgroup":                           "4:memory:/../..\n0::/x\nfaulty\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "99\n",
			"sys/fs/cgroup/unified/x/memory.max":         "98\n",
		}, 98},
	} {
		root := fstest.MapFS{}
		for path, text := range c.files {
			root[path] = &fstest.MapFile{Data: []byte(text)}
		}
		if got := groupLimit(root); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestTotal(t *testing.T) {
	if total := Total(); total < 1<<20 || total > 1<<50 {
		t.Errorf("%d bytes", total)
	}
}
