'use client'
import type { Resource } from '@realtime/contracts'
import { Image, SmilePlus } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { CoverPopover } from './cover.tsx'
import { IconPopover } from './icon-popover.tsx'

/** What stands above the title of a page: its icon, and ways to give it one, and a cover. */
export function PageHead({ document, editable }: { document: Resource; editable: boolean }) {
  const { icon, cover } = document
  if (!editable)
    return icon ? (
      <p aria-hidden className={`mb-3 text-5xl leading-none ${cover ? 'relative z-10 -mt-16 max-sm:-mt-14' : ''}`}>
        {icon}
      </p>
    ) : null
  return (
    <div className="group/head">
      {icon ? (
        <IconPopover
          document={document}
          trigger={
            <button
              type="button"
              aria-label="Change icon"
              className={`-ml-1.5 mb-1 rounded-lg p-1.5 text-5xl leading-none hover:bg-accent/60 ${cover ? 'relative z-10 -mt-16 max-sm:-mt-14' : ''}`}
            >
              {icon}
            </button>
          }
        />
      ) : null}
      {icon && cover ? null : (
        <div className="-ml-2 mb-1 flex h-7 gap-0.5 opacity-0 transition-opacity duration-100 focus-within:opacity-100 group-hover/page:opacity-100 has-data-popup-open:opacity-100 pointer-coarse:opacity-100">
          {icon ? null : (
            <IconPopover
              document={document}
              trigger={
                <Button variant="ghost" size="small" className="px-2 text-muted-foreground">
                  <SmilePlus aria-hidden />
                  Add icon
                </Button>
              }
            />
          )}
          {cover ? null : (
            <CoverPopover
              document={document}
              trigger={
                <Button variant="ghost" size="small" className="px-2 text-muted-foreground">
                  <Image aria-hidden />
                  Add cover
                </Button>
              }
            />
          )}
        </div>
      )}
    </div>
  )
}
