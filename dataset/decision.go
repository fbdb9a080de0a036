package dataset

import (
	"fmt"
	"slices"
	"time"
)

// A Decision is what a person said of one sample. Decisions are kept in an
// append-only ledger, and the last one on a file holds.
type Decision struct {
	FileName string    `json:"file_name"`
	Action   Action    `json:"action"`
	By       string    `json:"by,omitempty"`
	At       time.Time `json:"at,omitzero"`
}

// An Action is what a Decision does.
type Action string

// Keep takes a sample whatever the checks say, Refuse turns it down, and
// Clear leaves it to the checks again.
const (
	Keep   Action = "keep"
	Refuse Action = "reject"
	Clear  Action = "clear"
)

// UnmarshalText reads an action and refuses unknown ones.
func (a *Action) UnmarshalText(text []byte) error {
	if !slices.Contains([]Action{Keep, Refuse, Clear}, Action(text)) {
		return fmt.Errorf("action %q is not one of keep, reject, clear", text)
	}
	*a = Action(text)
	return nil
}

// ReadDecisions returns the decision in force for each file, by file_name.
// Those that were cleared are left out.
func ReadDecisions(path string) (map[string]Decision, error) {
	decisions := map[string]Decision{}
	for d, err := range ReadLedger[Decision](path) {
		if err != nil {
			return nil, err
		}
		if d.Action == Clear {
			delete(decisions, d.FileName)
			continue
		}
		decisions[d.FileName] = d
	}
	return decisions, nil
}

// AppendDecisions adds decisions to the ledger at path.
func AppendDecisions(path string, decisions ...Decision) error {
	ledger, err := OpenLedger(path)
	if err != nil {
		return err
	}
	for _, d := range decisions {
		if err := ledger.Append(d); err != nil {
			ledger.Close()
			return err
		}
	}
	return ledger.Close()
}
