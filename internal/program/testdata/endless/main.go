// It never ends.
package main

func main() {
	for {
	}
}
