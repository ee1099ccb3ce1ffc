// Package catalog knows the public data sets of the MNIST family: their names, files, digests and mirrors, where they lie on disk,
// and how to read them. It uses no network; package fetch does.
//
// Files lie as torchvision puts them, in ROOT/<Class>/raw, so that both programs find what either of them fetched.
package catalog
