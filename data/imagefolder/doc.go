// Package imagefolder reads labelled images from folders: one folder of PNG or JPEG files for each class.
//
//	DIR/train/<class>/*.png  DIR/test/<class>/*.png    the training and the test set
//	DIR/<class>/*.png                                  one set: a sixth of it becomes the test set
//
// Classes are the folders in the order of their names, as in torchvision's ImageFolder; samples come class by class in the order
// of the files' names. Names are compared byte by byte, so the order is the same everywhere. What begins with a dot is left out; in
// the folder of a class anything else must be an image, so that no sample is missed in silence.
//
// All images have the size of the first one. They are grey, one channel, where red, green and blue agree in every pixel of every
// image, and have three channels otherwise; how a file stores its colours does not matter. Of 16-bit samples the upper
// eight bits count. Pixels that let the background through are refused: what is behind them is not in the file. Rotation
// that a JPEG's metadata ask for is not done.
package imagefolder
