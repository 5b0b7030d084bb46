'use client'
import { Dialog } from '../../../ui/dialog.tsx'

const rows: [keys: string[], what: string][] = [
  [['→', '↓', 'Space', 'PageDown', 'N', 'Enter'], 'Next slide'],
  [['←', '↑', 'PageUp', 'P', 'Backspace'], 'Previous slide'],
  [['Home', 'End'], 'First, last slide'],
  [['1 2', 'Enter'], 'Go to a slide by its number'],
  [['O'], 'All slides'],
  [['B', '.'], 'Black screen'],
  [['L'], 'Laser pointer'],
  [['S'], 'Presenter window: notes, next slide, clock'],
  [['F', 'F5'], 'Full screen'],
  [['Esc'], 'Leave full screen, then the presentation'],
  [['?'], 'These keys'],
]

/** The keys of a show. */
export function Help({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keys while presenting" className="dark max-w-lg">
      <dl className="divide-y text-[13px]">
        {rows.map(([keys, what]) => (
          <div key={what} className="flex items-center justify-between gap-4 py-2">
            <dt>{what}</dt>
            <dd className="flex shrink-0 flex-wrap justify-end gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="rounded border bg-muted px-1.5 py-px font-sans text-[11px] text-muted-foreground"
                >
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
