'use client'
import { type Kind, kinds } from '@realtime/contracts'
import { editors } from '../editors/editors.ts'
import { MenuItem } from '../ui/menu.tsx'
import { useCreateDocument } from './changes.ts'

interface CreateItemsProps {
  projectId: string
  /** The document it goes below; null for the top of the project. */
  parentId?: string | null
  onCreate?(): void
}

/** A menu's items, one for each kind of resource to create in a place. */
export function CreateItems({ projectId, parentId = null, onCreate }: CreateItemsProps) {
  const create = useCreateDocument()
  return kinds.map((kind) => {
    const { icon: Icon, label, hint } = editors[kind]
    return (
      <MenuItem
        key={kind}
        disabled={create.isPending}
        onClick={() => {
          create.mutate({ projectId, parentId, kind })
          onCreate?.()
        }}
      >
        <Icon />
        <span className="flex flex-col">
          <span>New {label}</span>
          <span className="text-muted-foreground text-xs">{hint}</span>
        </span>
      </MenuItem>
    )
  })
}

/** A card for each kind, where there is room to begin with one. */
export function CreateCards({ projectId }: { projectId: string | undefined }) {
  const create = useCreateDocument()
  const under = create.isPending ? create.variables.kind : null
  return (
    <ul className="grid gap-2 sm:grid-cols-3 sm:gap-3">
      {kinds.map((kind) => (
        <li key={kind} className="grid">
          <CreateCard
            kind={kind}
            disabled={!projectId || create.isPending}
            busy={under === kind}
            onCreate={() => projectId && create.mutate({ projectId, kind })}
          />
        </li>
      ))}
    </ul>
  )
}

interface CreateCardProps {
  kind: Kind
  disabled: boolean
  busy: boolean
  onCreate(): void
}

function CreateCard({ kind, disabled, busy, onCreate }: CreateCardProps) {
  const { icon: Icon, label, hint } = editors[kind]
  return (
    <button
      type="button"
      disabled={disabled}
      aria-busy={busy || undefined}
      aria-label={`New ${label}`}
      onClick={onCreate}
      className="group/card flex items-center gap-3 rounded-xl border bg-card p-3 text-left shadow-soft transition-[background-color,border-color] duration-100 hover:border-input hover:bg-accent/50 disabled:opacity-60 sm:flex-col sm:items-start sm:gap-4 sm:p-4"
    >
      <span className="grid size-9 shrink-0 place-items-center rounded-lg bg-accent text-muted-foreground transition-colors duration-100 group-hover/card:bg-primary group-hover/card:text-primary-foreground">
        <Icon aria-hidden className="size-[18px]" strokeWidth={1.75} />
      </span>
      <span className="min-w-0">
        <span className="block truncate font-medium text-[13px]">New {label}</span>
        <span className="block truncate text-muted-foreground text-xs">{hint}</span>
      </span>
    </button>
  )
}
