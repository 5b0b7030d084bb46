/** The address of a show. */
export function showPath(documentId: string, options: { slide?: string | null; follow?: string | null } = {}): string {
  const query = new URLSearchParams()
  if (options.slide) query.set('slide', options.slide)
  if (options.follow) query.set('follow', options.follow)
  const asked = query.toString()
  return `/present/${encodeURIComponent(documentId)}${asked ? `?${asked}` : ''}`
}

/** Opens the presenter window of a deck, or shows the one that is open. @returns whether the browser let it */
export function openPresenterWindow(documentId: string): boolean {
  const path = `/present/${encodeURIComponent(documentId)}/presenter`
  return window.open(path, `presenter-${documentId}`, 'popup,width=1180,height=760') !== null
}

/** Opens the pages of a deck for printing. @returns whether the browser let it */
export function openPrintWindow(documentId: string): boolean {
  return window.open(`/present/${encodeURIComponent(documentId)}/print`, '_blank') !== null
}
