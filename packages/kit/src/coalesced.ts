/**
 * Runs `work` once for all who ask for it together. Whoever asks while it runs gets the next run, so that what they are
 * answered was found out after they asked; at most one run is under way and one waits.
 */
export function coalesced<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> | null = null
  let next: Promise<T> | null = null
  const run = (): Promise<T> => {
    const started = work()
    const ended = started.then(
      () => undefined,
      () => undefined,
    )
    running = ended
    void ended.then(() => {
      if (running === ended) running = null
    })
    return started
  }
  return () => {
    if (next) return next
    if (!running) return run()
    next = running.then(() => {
      next = null
      return run()
    })
    return next
  }
}
