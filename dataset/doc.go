// Package dataset is the contract between the stages of dsbuild: what a
// sample is, how a manifest is written, and where things lie in a data set's
// folder.
//
// A manifest is a text file of JSON objects, one sample a line, in the order
// of label and file_name. Every stage reads one manifest and writes another;
// none edits its input. The field file_name is relative to the data set's
// folder with forward slashes, so Hugging Face's imagefolder reads the same
// file:
//
//	{"file_name":"raw/corgi/3f2a9c0d11223344.jpg","label":"corgi","split":"train","width":500,"height":375}
//
// Reading and writing look like this:
//
//	for sample, err := range dataset.ReadManifest(dir.Curated()) {
//		if err != nil {
//			return err // names file and line
//		}
//		kept = append(kept, sample)
//	}
//	dataset.Sort(kept)
//	err := dataset.WriteManifest(path, slices.Values(kept))
package dataset
