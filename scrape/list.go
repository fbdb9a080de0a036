package scrape

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/suggest"
)

// maxListLine bounds a line of a list.
const maxListLine = 1 << 20

// A List reads the images' URLs from the file that the query names. Its ending
// tells the form: .csv has a header with the column url and may have class,
// page, license, license_url, creator and title; .jsonl has these as fields;
// any other has one URL a line, where blank lines and those that start with #
// are passed over. The class may be called label, too. At the first faulty line
// the list ends with an error that names file and line.
type List struct{}

// A listEntry is one line of a list.
type listEntry struct {
	URL        string `json:"url"`
	Class      string `json:"class"`
	Label      string `json:"label"` // another name of Class
	Page       string `json:"page"`
	License    string `json:"license"`
	LicenseURL string `json:"license_url"`
	Creator    string `json:"creator"`
	Title      string `json:"title"`
}

// A numbered entry knows its line.
type numbered struct {
	line  int
	entry listEntry
}

// Search yields the list's URLs in its order.
func (List) Search(ctx context.Context, q Query) iter.Seq2[Candidate, error] {
	return func(yield func(Candidate, error) bool) {
		f, err := os.Open(q.Text)
		if err != nil {
			yield(Candidate{}, err)
			return
		}
		defer f.Close()
		found := false
		for c, err := range parseList(q.Text, f, q.Class) {
			if err == nil {
				err = ctx.Err()
			}
			if !yield(c, err) || err != nil {
				return
			}
			found = true
		}
		if !found {
			yield(Candidate{}, fmt.Errorf("%s: %w: it has no URL", q.Text, ErrNoImages))
		}
	}
}

// parseList yields the candidates of a list up to its first fault.
func parseList(name string, r io.Reader, class string) iter.Seq2[Candidate, error] {
	read := readText
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		read = readCSV
	case ".jsonl", ".ndjson":
		read = readJSONL
	}
	return func(yield func(Candidate, error) bool) {
		for n, err := range read(r) {
			var c Candidate
			if err == nil {
				c, err = n.entry.candidate(class)
			}
			if err != nil {
				err = &dataset.LineError{Path: name, Line: n.line, Err: err}
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// candidate checks an entry.
func (e listEntry) candidate(class string) (Candidate, error) {
	for _, own := range []string{e.Label, e.Class} {
		if own != "" {
			class = own
		}
	}
	if class == "" {
		return Candidate{}, errors.New("class is missing: name it here, or for the whole list (--class)")
	}
	if err := dataset.CheckLabel(class); err != nil {
		return Candidate{}, err
	}
	if e.URL == "" {
		return Candidate{}, errors.New("url is missing")
	}
	address, err := Address(e.URL)
	if err != nil {
		return Candidate{}, err
	}
	return Candidate{Class: class, Source: dataset.Source{
		URL: address, Page: e.Page, Engine: "urls",
		License: e.License, LicenseURL: e.LicenseURL, Creator: e.Creator, Title: e.Title,
	}}, nil
}

// readText yields the lines of a text.
func readText(r io.Reader) iter.Seq2[numbered, error] {
	return func(yield func(numbered, error) bool) {
		for line, text := range linesOf(r, yield) {
			if text[0] == '#' {
				continue
			}
			if !yield(numbered{line, listEntry{URL: string(text)}}, nil) {
				return
			}
		}
	}
}

// readJSONL yields the lines of JSON objects.
func readJSONL(r io.Reader) iter.Seq2[numbered, error] {
	return func(yield func(numbered, error) bool) {
		for line, text := range linesOf(r, yield) {
			var e listEntry
			err := json.Unmarshal(text, &e)
			if err != nil {
				err = fmt.Errorf("it is not a JSON object of strings: %w", err)
			}
			if !yield(numbered{line, e}, err) {
				return
			}
		}
	}
}

// linesOf yields the numbers and texts of lines that are not blank, and gives
// what keeps it from reading on to fail.
func linesOf(r io.Reader, fail func(numbered, error) bool) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		scanner := bufio.NewScanner(r)
		scanner.Buffer(make([]byte, 0, 4<<10), maxListLine)
		line := 0
		for scanner.Scan() {
			line++
			text := scanner.Bytes()
			if line == 1 {
				text = bytes.TrimPrefix(text, byteOrderMark)
			}
			text = bytes.TrimSpace(text)
			if len(text) > 0 && !yield(line, text) {
				return
			}
		}
		if err := scanner.Err(); err != nil {
			fail(numbered{line: line + 1}, err)
		}
	}
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// readCSV yields the records after the header.
func readCSV(r io.Reader) iter.Seq2[numbered, error] {
	return func(yield func(numbered, error) bool) {
		buffered := bufio.NewReader(r)
		if start, _ := buffered.Peek(len(byteOrderMark)); bytes.Equal(start, byteOrderMark) {
			_, _ = buffered.Discard(len(byteOrderMark)) // just peeked at
		}
		records := csv.NewReader(buffered)
		records.ReuseRecord = true
		records.TrimLeadingSpace = true
		var columns []string
		for {
			record, err := records.Read()
			if err == io.EOF {
				return
			}
			n := numbered{line: 1}
			if parse, ok := errors.AsType[*csv.ParseError](err); ok {
				n.line, err = parse.Line, parse.Err
			} else if err == nil {
				n.line, _ = records.FieldPos(0)
			}
			if err == nil && columns == nil {
				if columns, err = readHeader(record); err == nil {
					continue
				}
			}
			for i, value := range record {
				if err == nil {
					n.entry.set(columns[i], strings.TrimSpace(value))
				}
			}
			if !yield(n, err) || err != nil {
				return
			}
		}
	}
}

// readHeader returns the names of a CSV's columns.
func readHeader(record []string) ([]string, error) {
	columns := make([]string, len(record))
	for i, name := range record {
		columns[i] = strings.ToLower(strings.TrimSpace(name))
	}
	if !slices.Contains(columns, "url") {
		return nil, fmt.Errorf("the header has no column url%s", suggest.Hint("url", columns))
	}
	return columns, nil
}

// set gives a field its value; columns that nobody knows are passed over.
func (e *listEntry) set(column, value string) {
	switch column {
	case "url":
		e.URL = value
	case "class":
		e.Class = value
	case "label":
		e.Label = value
	case "page":
		e.Page = value
	case "license":
		e.License = value
	case "license_url":
		e.LicenseURL = value
	case "creator":
		e.Creator = value
	case "title":
		e.Title = value
	}
}
