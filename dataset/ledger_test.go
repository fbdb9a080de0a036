package dataset

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
)

func TestLedgerSurvivesATornLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "decisions.jsonl")
	append := func(file string, action Action) {
		t.Helper()
		if err := AppendDecisions(path, Decision{FileName: file, Action: action}); err != nil {
			t.Fatal(err)
		}
	}
	append("a.png", Keep)
	append("b.png", Refuse)
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"file_name":"c.png","act`); err != nil {
		t.Fatal(err)
	}
	f.Close()

	got, err := ReadDecisions(path)
	if err != nil || len(got) != 2 {
		t.Fatalf("read %v (%v), want the two whole lines", got, err)
	}
	append("b.png", Clear)
	append("d.png", Keep)
	want := map[string]Decision{
		"a.png": {FileName: "a.png", Action: Keep},
		"d.png": {FileName: "d.png", Action: Keep},
	}
	if got, err = ReadDecisions(path); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read %v (%v), want %v", got, err, want)
	}
}

func TestDecisionsNameTheLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "decisions.jsonl")
	if err := os.WriteFile(path, []byte(`{"file_name":"a","action":"kepe"}`+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := ReadDecisions(path)
	if err == nil || !strings.Contains(err.Error(), `:1: action "kepe"`) {
		t.Errorf("error %v, want one that names line 1 and the action", err)
	}
}

func TestLedgerTakesConcurrentLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.jsonl")
	ledger, err := OpenLedger(path)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 50 {
				if err := ledger.Append(map[string]any{"worker": i, "text": strings.Repeat("x", 3000)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if err := ledger.Close(); err != nil {
		t.Fatal(err)
	}
	perWorker := map[int]int{}
	for entry, err := range ReadLedger[struct{ Worker int }](path) {
		if err != nil {
			t.Fatal(err)
		}
		perWorker[entry.Worker]++
	}
	for i := range 8 {
		if perWorker[i] != 50 {
			t.Errorf("worker %d has %d lines, want 50", i, perWorker[i])
		}
	}
}

func FuzzLedger(f *testing.F) {
	f.Add([]byte("{\"file_name\":\"a\",\"action\":\"keep\"}\n{\"torn"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "l")
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		before, errBefore := ReadDecisions(path)
		ledger, err := OpenLedger(path)
		if err != nil {
			t.Fatal(err)
		}
		ledger.Close()
		after, errAfter := ReadDecisions(path)
		if !reflect.DeepEqual(before, after) || (errBefore == nil) != (errAfter == nil) {
			t.Errorf("cutting the torn line changed %v (%v) to %v (%v)", before, errBefore, after, errAfter)
		}
	})
}
