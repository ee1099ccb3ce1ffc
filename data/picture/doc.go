// Package picture reads images from PNG, JPEG, IDX and .npy files and makes
// samples of them, as a network wants to see them.
//
// What a picture needs depends on what a network was trained on. For handwriting,
// [Digits], it is the treatment that made MNIST of NIST's forms (Y. LeCun, C.
// Cortes, C. Burges, The MNIST database of handwritten digits): light strokes on
// black, fitted by averaging into a square of 20 of 28 pixels with their
// proportions kept, and moved so that their centre of mass is the image's centre.
package picture
