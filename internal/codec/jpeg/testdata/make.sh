#!/usr/bin/env bash
# Makes the golden files with cjpeg and djpeg of libjpeg-turbo: a drawing in
# every layout, and in NAME.pnm.gz its pixels at 1/1, 1/2, 1/4 and 1/8, one
# image after the other. Files of one layout, NAME.jpg and NAME-*.jpg, have the
# same coefficients and so the same pixels.
set -euo pipefail
cd "$(dirname "$0")"
rm -f ./*.jpg ./*.pnm.gz
picture=$(mktemp)
trap 'rm -f "$picture"' EXIT

# draw WIDTH HEIGHT: gradients, a disc, bars and some noise.
draw() {
	awk -v w="$1" -v h="$2" 'BEGIN {
		print "P3", w, h, 255
		seed = 1
		for (y = 0; y < h; y++) for (x = 0; x < w; x++) {
			seed = (seed * 1103515245 + 12345) % 2147483648
			noise = int(seed / 65536) % 24
			r = 40 + 180 * x / w; g = 30 + 190 * y / h; b = 200 - 150 * x / w
			if ((x - 20) ^ 2 + (y - 18) ^ 2 < 150) { r = 230; g = 40; b = 60 }
			if (x > 40 && int(x / 3) % 2) { r = 255 - r; b = 255 - b }
			if (y > 34) { g = 20; r = 20 + 10 * (x % 8) }
			print int((r + noise) % 256), int((g + noise) % 256), int((b + noise) % 256)
		}
	}' > "$picture"
}

# make NAME OPTIONS...: the files of a layout.
make() {
	local name=$1
	shift
	cjpeg -quality 88 "$@" "$picture" > "$name.jpg"
	for scale in 1/1 1/2 1/4 1/8; do
		djpeg -scale "$scale" -pnm "$name.jpg"
	done | gzip -9n > "$name.pnm.gz"
}

# variants NAME OPTIONS...: a layout, also progressive and with restart markers.
variants() {
	make "$@"
	local name=$1
	shift
	cjpeg -quality 88 -progressive "$@" "$picture" > "$name-progressive.jpg"
	cjpeg -quality 88 -progressive -restart 5B "$@" "$picture" > "$name-progressive-restart.jpg"
	cjpeg -quality 88 -optimize -restart 3B "$@" "$picture" > "$name-restart.jpg"
}

draw 67 45
variants 444 -sample 1x1
variants 422 -sample 2x1
variants 420 -sample 2x2
variants 440 -sample 1x2
variants 411 -sample 4x1
variants 410 -sample 4x2
make 441 -sample 1x4
make 412 -sample 2x4
make gray -grayscale
make gray-2x2 -grayscale -sample 2x2
make rgb -rgb
make dense-chroma -sample 1x1,2x2,2x2
make mixed -sample 2x2,2x1,1x2
make fine -quality 99 -sample 2x2
make coarse -quality 5 -sample 2x2

# A scan for each component, and spectral selection without successive approximation.
scans=$(mktemp)
printf '0;\n1;\n2;\n' > "$scans"
cjpeg -quality 88 -sample 2x2 -scans "$scans" "$picture" > 420-planes.jpg
printf '0;\n1 2;\n' > "$scans"
cjpeg -quality 88 -sample 2x2 -scans "$scans" "$picture" > 420-two-scans.jpg
printf '0 1 2: 0-0,0,0;\n0: 1-5,0,0;\n1: 1-63,0,0;\n2: 1-63,0,0;\n0: 6-63,0,0;\n' > "$scans"
cjpeg -quality 88 -progressive -sample 2x2 -scans "$scans" "$picture" > 420-spectral.jpg
rm -f "$scans"

for size in "1 1" "2 3" "3 2" "4 9" "5 16" "16 5" "17 33"; do
	# shellcheck disable=SC2086
	draw $size
	for layout in 2x2 2x1 1x2; do
		make "size-${size/ /x}-$layout" -sample "$layout"
	done
done
