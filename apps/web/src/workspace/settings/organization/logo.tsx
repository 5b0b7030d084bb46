import type { Organization } from '@realtime/contracts'
import { cn } from '../../../ui/classes.ts'

/** The logo of an organization, or its first letter on a tile. Decorative: the name stands beside it. */
export function Logo({
  organization,
  className,
}: {
  organization: Pick<Organization, 'name' | 'logo'>
  className?: string
}) {
  return (
    <span
      aria-hidden
      className={cn(
        'grid size-5 shrink-0 select-none place-items-center overflow-hidden rounded-[5px] font-semibold text-[11px]',
        organization.logo ? 'bg-white' : 'bg-foreground text-background',
        className,
      )}
    >
      {organization.logo ? (
        // biome-ignore lint/performance/noImgElement: images are not optimized by the server
        <img src={organization.logo} alt="" className="size-full object-cover" />
      ) : (
        ([...organization.name.trim()][0]?.toLocaleUpperCase() ?? '?')
      )}
    </span>
  )
}
