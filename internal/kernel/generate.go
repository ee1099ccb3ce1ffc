package kernel

// The assembly is written by generators in a module of their own.
//
//go:generate go run -C _asm . -out ../kernels_amd64.s -stubs ../stubs_amd64.go -pkg kernel
//go:generate go run -C _asm ./neon -out ../kernels_arm64.s -stubs ../stubs_arm64.go -pkg kernel
