package main

// descriptors returns how many this program may have: Windows has no limit of
// that kind.
func descriptors() int { return 1 << 20 }
