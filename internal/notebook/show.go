package notebook

import (
	"context"
	"fmt"
	"io"
	"os"
)

// Show runs a demo on os.Stdout, for its Example. An error stands in the
// output, where the Example does not expect it.
func Show(demo func(ctx context.Context, w io.Writer) error) {
	if err := demo(context.Background(), os.Stdout); err != nil {
		fmt.Println(err)
	}
}
