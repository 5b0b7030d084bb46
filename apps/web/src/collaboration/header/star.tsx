'use client'
import type { Resource } from '@realtime/contracts'
import { Star } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { useFavourite } from '../../workspace/favourites.ts'

/** Makes the document on the page a favourite, or none. */
export function StarButton({ document }: { document: Resource }) {
  const favourite = useFavourite()
  const label = document.favourite ? 'Remove from favourites' : 'Add to favourites'
  return (
    <Tooltip content={label}>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Favourite"
        aria-pressed={document.favourite}
        className="@max-md:hidden max-md:size-9 aria-pressed:text-warning [&[aria-pressed=true]_svg]:fill-current"
        onClick={() => favourite.mutate({ document, favourite: !document.favourite })}
      >
        <Star />
      </Button>
    </Tooltip>
  )
}
