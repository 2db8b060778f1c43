//go:build !linux

package eventloop

// wakeInVain does nothing: on the portable poller nobody is woken in vain.
func wakeInVain(*Stream) {}
