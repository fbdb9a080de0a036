package fetch

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/temoto/robotstxt"
)

// parseRobots returns the rules for this client. The parser takes one faulty
// line for a fault of the whole file; RFC 9309, section 2.2.4, wants the others
// to hold, and so faulty lines are left out before.
func parseRobots(text []byte) (*robotstxt.Group, error) {
	var kept bytes.Buffer
	inGroup := false
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))) {
		line, _, _ = bytes.Cut(line, []byte("#"))
		field, value, _ := strings.Cut(strings.ToValidUTF8(string(line), "\uFFFD"), ":")
		field, value = strings.ToLower(strings.TrimSpace(field)), strings.TrimSpace(value)
		switch field {
		case "user-agent":
			inGroup = inGroup || value != ""
		case "allow", "disallow":
			if !inGroup {
				continue
			}
		case "crawl-delay":
			if seconds, err := strconv.ParseFloat(value, 64); !inGroup || err != nil ||
				!(seconds >= 0 && seconds < 1e6) {
				continue
			}
		default:
			continue
		}
		kept.WriteString(field + ": " + value + "\n")
	}
	data, err := robotstxt.FromBytes(kept.Bytes())
	if err != nil {
		return nil, err
	}
	return data.FindGroup(Agent), nil
}
