package catalog

import "strings"

// Sets returns all sets.
//
// Digests and mirrors are torchvision's (torchvision/datasets/mnist.py), those of unpacked MNIST and Fashion-MNIST were
// computed from copies whose packing differs.
func Sets() []Set {
	list := []Set{mnist(), fashionMNIST(), kmnist(), qmnist()}
	for _, split := range []string{"balanced", "byclass", "bymerge", "letters", "digits", "mnist"} {
		list = append(list, emnist(split))
	}
	return list
}

func mnist() Set {
	return Set{
		Name: "mnist", Title: "MNIST", Class: "MNIST", Classes: 10, Samples: [2]int{60000, 10000},
		Mirrors: []string{"https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"},
		Files: files("", "t10k", "idx1-ubyte", [2]int{60000, 10000},
			[4]Digest{"f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432",
				"9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c"},
			[4]Digest{"ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
				"0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"}),
	}
}

func fashionMNIST() Set {
	return Set{
		Name: "fashionmnist", Title: "Fashion-MNIST", Class: "FashionMNIST", Classes: 10, Samples: [2]int{60000, 10000},
		ClassNames: []string{"T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"},
		Mirrors:    []string{"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"},
		Files: files("", "t10k", "idx1-ubyte", [2]int{60000, 10000},
			[4]Digest{"8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
				"bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310"},
			[4]Digest{"f4a8712d7a061bf5bd6d2ca38dc4d50a", "9018921c3c673c538a1fc5bad174d6f9",
				"8181f5470baa50b63fa0f6fddb340f0a", "15d484375f8d13e6eb1aabb0c3f46965"}),
	}
}

func kmnist() Set {
	return Set{
		Name: "kmnist", Title: "Kuzushiji-MNIST", Class: "KMNIST", Classes: 10, Samples: [2]int{60000, 10000},
		ClassNames: []string{"o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"},
		Mirrors:    []string{"http://codh.rois.ac.jp/kmnist/dataset/kmnist/"},
		Files: files("", "t10k", "idx1-ubyte", [2]int{60000, 10000},
			[4]Digest{"bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344",
				"5c965bf0a639b31b8f53240b1b52f4d7", "7320c461ea6c1c855c0b718fb2a4b134"},
			[4]Digest{}),
	}
}

func qmnist() Set {
	return Set{
		Name: "qmnist", Title: "QMNIST", Class: "QMNIST", Classes: 10, Samples: [2]int{60000, 60000},
		Prefix:  "qmnist-",
		Mirrors: []string{"https://raw.githubusercontent.com/facebookresearch/qmnist/master/"},
		Files: files("qmnist-", "test", "idx2-int", [2]int{60000, 60000},
			[4]Digest{"ed72d4157d28c017586c42bc6afe6370", "0058f8dd561b90ffdd0f734c6a30e5e4",
				"1394631089c404de565df7b7aeaf9412", "5b5b05890a5e13444e108efe57b788aa"},
			[4]Digest{}),
	}
}

// The classes of EMNIST (G. Cohen, S. Afshar, J. Tapson, A. van Schaik: EMNIST: an extension of MNIST to handwritten letters,
// 2017, section II): digits, capitals, and small letters, of which the merged splits keep those that look unlike their capitals.
const (
	digits   = "0123456789"
	capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	small    = "abcdefghijklmnopqrstuvwxyz"
	unlike   = "abdefghnqrt"
)

func emnist(split string) Set {
	s := Set{
		Name: "emnist-" + split, Title: "EMNIST " + split, Class: "EMNIST", Prefix: "emnist-" + split + "-", Transposed: true,
		Mirrors: []string{"https://biometrics.nist.gov/cs_links/EMNIST/"},
		Archive: &File{Name: "gzip.zip", Packed: "58c8d27c78d21e728a6bc7b3cc06412e", MaxSize: 2 << 30},
	}
	classes := digits
	switch split {
	case "balanced":
		classes, s.Samples = digits+capitals+unlike, [2]int{112800, 18800}
	case "bymerge":
		classes, s.Samples = digits+capitals+unlike, [2]int{697932, 116323}
	case "byclass":
		classes, s.Samples = digits+capitals+small, [2]int{697932, 116323}
	case "letters":
		classes, s.Samples, s.FirstLabel = small, [2]int{124800, 20800}, 1
	case "digits":
		s.Samples = [2]int{240000, 40000}
	case "mnist":
		s.Samples = [2]int{60000, 10000}
	}
	s.Classes = len(classes)
	if classes != digits {
		s.ClassNames = strings.Split(classes, "")
	}
	s.Files = files(s.Prefix, "test", "idx1-ubyte", s.Samples, [4]Digest{}, [4]Digest{})
	return s
}

// files are the four files of a set of 28x28 images.
func files(prefix, test, labels string, samples [2]int, packed, unpacked [4]Digest) [4]File {
	perLabel := 1
	if strings.HasPrefix(labels, "idx2") {
		perLabel = 8 * 4 // QMNIST's eight columns
	}
	var list [4]File
	for i, part := range []string{"train", test} {
		list[2*i] = File{Name: prefix + part + "-images-idx3-ubyte.gz", MaxSize: packedSize(samples[i] * 28 * 28)}
		list[2*i+1] = File{Name: prefix + part + "-labels-" + labels + ".gz", MaxSize: packedSize(samples[i] * perLabel)}
	}
	for i := range list {
		list[i].Packed, list[i].Unpacked = packed[i], unpacked[i]
	}
	return list
}

// packedSize is more than gzip makes of so many bytes at worst: stored blocks add five bytes to every 32 KiB or more, and a
// header may carry a name and a comment.
func packedSize(bytes int) int64 { return int64(bytes) + int64(bytes)/1000 + 1<<12 }
