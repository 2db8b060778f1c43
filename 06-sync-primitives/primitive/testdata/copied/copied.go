// Each line copies what must not be copied.
package copied

import "concurrency-notebook/06-sync-primitives/primitive"

func copies(
	_ primitive.Barrier,
	_ primitive.BoundedSemaphore,
	_ primitive.Condition,
	_ primitive.Event,
	_ primitive.Owner,
	_ primitive.Queue[int],
	_ primitive.RLock,
	_ primitive.Semaphore,
) {
}
