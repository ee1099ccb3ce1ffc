package layout

// Negligible is the part of the largest probability up to which another counts
// as 0 in the gradient of the cross entropy: package kernel has the reason.
const Negligible = 1. / (1 << 64)
