/** In place of a canvas or stage that is still coming. */
export function StageSkeleton() {
  return <div aria-hidden className="min-h-0 flex-1 animate-pulse bg-muted/40" />
}
