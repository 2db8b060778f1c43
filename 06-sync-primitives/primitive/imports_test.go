package primitive

import (
	"go/build"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The package can be copied, since it needs only Go's library: no module, and
// nothing else of this one.
func TestNeedsOnlyTheLibrary(t *testing.T) {
	pkg, err := build.ImportDir(".", 0)
	require.NoError(t, err)
	for _, imported := range pkg.Imports {
		first, _, _ := strings.Cut(imported, "/")
		require.NotContains(t, first, ".", "imported: %s", imported)
		require.NotContains(t, first, "-", "imported: %s", imported)
	}
}
