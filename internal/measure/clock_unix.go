//go:build unix

package measure

import "time"

var began = time.Now()

// WallTime returns the time that has passed since some moment: only the
// difference of two means something. In virtual time it is virtual too.
//
// Measure with it, not with time.Now, which is as fine here, but not on Windows.
func WallTime() time.Duration { return time.Since(began) }
