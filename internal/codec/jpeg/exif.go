package jpeg

import (
	"bytes"
	"encoding/binary"
)

// Orientation returns the orientation that the content of an APP1 segment
// gives, from 1 to 8, or 0 where it gives none. See EXIF 2.32, section 4.6.
func Orientation(segment []byte) int {
	const tagOrientation, typeShort, entryBytes = 0x0112, 3, 12
	tiff, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(tiff[:2]) == "MM" {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	count := int(order.Uint16(tiff[at:]))
	entries := tiff[at+2:]
	for i := 0; i < count && (i+1)*entryBytes <= len(entries); i++ {
		entry := entries[i*entryBytes:]
		if order.Uint16(entry) == tagOrientation && order.Uint16(entry[2:]) == typeShort {
			if o := int(order.Uint16(entry[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 0
		}
	}
	return 0
}
