package importer

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/dsbuild/dsbuild/dataset"
)

// splitFolders are the names of folders that stand for splits.
var splitFolders = map[string]dataset.Split{
	"train": dataset.Train, "training": dataset.Train,
	"val": dataset.Val, "valid": dataset.Val, "validation": dataset.Val,
	"test": dataset.Test, "testing": dataset.Test,
}

func splitOf(folder string) dataset.Split { return splitFolders[strings.ToLower(folder)] }

// A layout tells the class and the split of a file from its path.
type layout struct {
	skip    int  // folders that hold all others
	splits  bool // the next folder names a split
	label   string
	classes map[string]string // folder to class
	keep    bool              // record the splits

	offered, skipped int // files seen by the survey
}

// A place is where a file belongs.
type place struct {
	label string
	split dataset.Split
}

// noClass is the label of refused offers that belong to no class.
const noClass = "unknown"

// place returns where the file of a clean path belongs; ok is false where no
// folder of it names a class.
func (l *layout) place(clean string) (p place, ok bool) {
	folders := foldersOf(clean)
	folders = folders[min(l.skip, len(folders)):]
	if l.splits && len(folders) > 0 {
		if l.keep {
			p.split = splitOf(folders[0])
		}
		folders = folders[1:]
	}
	if l.label != "" {
		p.label = l.label
		return p, true
	}
	if len(folders) > 0 {
		p.label, ok = l.classes[folders[0]]
	}
	if !ok { // nothing but links lies there, or it came after the survey
		p.label = noClass
	}
	return p, ok
}

// merged lists the folders of each class that has several.
func (l *layout) merged() map[string][]string {
	folders := map[string][]string{}
	for _, folder := range slices.Sorted(maps.Keys(l.classes)) {
		class := l.classes[folder]
		folders[class] = append(folders[class], folder)
	}
	maps.DeleteFunc(folders, func(_ string, f []string) bool { return len(f) < 2 })
	return folders
}

func foldersOf(clean string) []string {
	parts := strings.Split(clean, "/")
	return parts[:len(parts)-1]
}

// survey reads the source's names, without their content, and finds the
// layout. It refuses sources that hold no class.
func survey(ctx context.Context, src source, o Options) (*layout, error) {
	l := &layout{label: o.Label, keep: o.KeepSplits, classes: map[string]string{}}
	folders := map[string]int{} // how many pictures lie in each folder
	files := 0
	for e, err := range src.entries(ctx) {
		if err != nil {
			return nil, err
		}
		if files++; files > o.MaxFiles {
			return nil, fmt.Errorf("%s holds more than %d files: raise max_files if you trust it",
				o.From, o.MaxFiles)
		}
		if !isOffered(e) {
			l.skipped++
			continue
		}
		l.offered++
		if clean, fault := cleanPath(e.path); fault == "" && e.fault == nil {
			folders[strings.Join(foldersOf(clean), "/")]++
		}
	}
	if l.offered == 0 {
		return nil, fmt.Errorf("%s holds no pictures", o.From)
	}
	l.skip = commonFolders(folders)
	first, loose := foldersAt(folders, l.skip)
	if err := l.findSplits(first, o); err != nil {
		return nil, err
	}
	if l.label != "" {
		return l, nil
	}
	if len(first) == 0 && loose > 0 {
		return nil, fmt.Errorf("%s holds pictures but no class folders: name their class (--class %q)",
			o.From, strings.TrimSuffix(filepath.Base(o.From), filepath.Ext(o.From)))
	}
	return l, l.nameClasses(folders, o)
}

// commonFolders returns how many folders at the top hold all the others: each
// holds every folder with pictures, and more pictures below than beside them.
// A folder named after a split is none of them.
func commonFolders(folders map[string]int) int {
	for depth := 0; ; depth++ {
		first, _ := foldersAt(folders, depth)
		if len(first) != 1 {
			return depth
		}
		for name, in := range first {
			if splitOf(name) != "" || in.below <= in.beside {
				return depth
			}
		}
	}
}

// A census counts the pictures directly in a folder and in those below it.
type census struct{ beside, below int }

// foldersAt takes the census of the folders at a depth. Pictures that lie less
// deep are loose.
func foldersAt(folders map[string]int, depth int) (first map[string]census, loose int) {
	first = map[string]census{}
	for folder, n := range folders {
		parts := strings.Split(folder, "/")
		if folder == "" || len(parts) <= depth {
			loose += n
			continue
		}
		c := first[parts[depth]]
		if len(parts) == depth+1 {
			c.beside += n
		} else {
			c.below += n
		}
		first[parts[depth]] = c
	}
	return first, loose
}

// findSplits decides whether the first folders stand for splits.
func (l *layout) findSplits(first map[string]census, o Options) error {
	var splits, others []string
	for _, name := range slices.Sorted(maps.Keys(first)) {
		if c := first[name]; splitOf(name) != "" && (c.below > c.beside || l.label != "") {
			splits = append(splits, name)
		} else {
			others = append(others, name)
		}
	}
	if len(splits) > 0 && len(others) > 0 && l.label == "" {
		return fmt.Errorf("%s has folders of splits (%s) beside others (%s): import them one by one",
			o.From, strings.Join(splits, ", "), strings.Join(others, ", "))
	}
	l.splits = len(splits) > 0 && len(others) == 0
	return nil
}

// nameClasses cleans the names of the class folders.
func (l *layout) nameClasses(folders map[string]int, o Options) error {
	pattern, err := regexp.Compile(o.ClassPattern)
	if err != nil {
		return err
	}
	depth := l.skip
	if l.splits {
		depth++
	}
	first, _ := foldersAt(folders, depth)
	for _, folder := range slices.Sorted(maps.Keys(first)) {
		match := pattern.FindStringSubmatch(folder)
		if match == nil {
			return fmt.Errorf("%s: folder %q does not match the class pattern %s",
				o.From, folder, o.ClassPattern)
		}
		label := match[min(1, len(match)-1)]
		if err := dataset.CheckLabel(label); err != nil {
			return fmt.Errorf("%s: folder %q: %w", o.From, folder, err)
		}
		l.classes[folder] = label
	}
	return nil
}
