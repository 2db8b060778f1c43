//go:build unix

package main

import (
	"fmt"
	"os"
	"syscall"
)

// mapFile puts a file into memory: what one process writes there is at once
// what all others read that map it too.
func mapFile(path string) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close() // the mapping stays
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	memory, err := syscall.Mmap(int(file.Fd()), 0, int(info.Size()), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mapping %s: %w", path, err)
	}
	return memory, nil
}

func unmap(memory []byte) error { return syscall.Munmap(memory) }
