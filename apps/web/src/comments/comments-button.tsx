'use client'
import { MessageSquareText } from 'lucide-react'
import type { Ref } from 'react'
import { Button } from '../ui/button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'

interface CommentsButtonProps {
  ref: Ref<HTMLButtonElement>
  /** Threads that are open. */
  count: number
  pressed: boolean
  onClick(): void
}

/** Opens and closes what people say about a document. */
export function CommentsButton({ ref, count, pressed, onClick }: CommentsButtonProps) {
  return (
    <Tooltip content="Comments">
      <Button
        ref={ref}
        variant="ghost"
        size="icon"
        aria-label={count > 0 ? `Comments, ${count} open` : 'Comments'}
        aria-pressed={pressed}
        className="relative aria-pressed:bg-accent aria-pressed:text-foreground max-md:size-9"
        onClick={onClick}
      >
        <MessageSquareText />
        {count > 0 ? (
          <span
            aria-hidden
            className="absolute -top-0.5 -right-0.5 grid h-4 min-w-4 place-items-center rounded-full bg-primary px-1 font-medium text-[10px] text-primary-foreground tabular-nums leading-none"
          >
            {count > 99 ? '99+' : count}
          </span>
        ) : null}
      </Button>
    </Tooltip>
  )
}
