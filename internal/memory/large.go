package memory

// LargePages asks for large pages under memory nobody has written to yet, where the system
// has them. They stay large when others use that memory later. Who reads tens of megabytes in no order, as
// training reads its samples, otherwise looks up the place of a small page for every
// sample, which takes as long as its bytes do.
func LargePages(b []byte) {
	if len(b) >= worthPages {
		largePages(b)
	}
}

// worthPages is from how many bytes on there is a large page, of 2 MiB on most systems,
// wherever they begin.
const worthPages = 4 << 20
