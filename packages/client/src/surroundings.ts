/** Listens to what a browser knows of the network; elsewhere nothing is told. @returns a function that ends it */
export function watchSurroundings(listen: { onOnline(): void; onDoubt(): void }): () => void {
  const { onOnline, onDoubt } = listen
  globalThis.addEventListener?.('online', onOnline)
  globalThis.addEventListener?.('offline', onDoubt)
  globalThis.document?.addEventListener('visibilitychange', onDoubt)
  return () => {
    globalThis.removeEventListener?.('online', onOnline)
    globalThis.removeEventListener?.('offline', onDoubt)
    globalThis.document?.removeEventListener('visibilitychange', onDoubt)
  }
}
