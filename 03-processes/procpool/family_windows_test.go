package procpool

import "os/exec"

func escape(*exec.Cmd) {}

func stopSelf() {}

// limitDescriptors does nothing: here there is no limit to come to.
func limitDescriptors(uint64) (lift func()) { return func() {} }
