import type { BillingOverview } from '@realtime/contracts'
import { HardDrive, type LucideIcon, Sparkles, Users } from 'lucide-react'
import { cn } from '../ui/classes.ts'
import { Rows } from '../workspace/settings/section.tsx'
import { bytes, count } from './words.ts'

const measures: { key: 'members' | 'storageBytes' | 'aiCredits'; label: string; icon: LucideIcon; hint: string }[] = [
  { key: 'members', label: 'Members', icon: Users, hint: 'Without guests' },
  { key: 'storageBytes', label: 'Files', icon: HardDrive, hint: 'Images and other files in documents' },
  { key: 'aiCredits', label: 'AI credits', icon: Sparkles, hint: 'Start anew each month' },
]

/** How much is used of what the plan includes. */
export function Usage({ billing }: { billing: BillingOverview }) {
  return (
    <Rows>
      {measures.map(({ key, label, icon: Icon, hint }) => {
        const used = billing.usage[key]
        const limit = billing.limits[key]
        const words = key === 'storageBytes' ? bytes : count
        const told = limit === null ? words(used) : `${words(used)} of ${words(limit)}`
        return (
          <li key={key} className="px-4 py-3.5">
            <div className="flex items-center gap-2.5 text-[13px]">
              <Icon aria-hidden className="size-4 shrink-0 text-muted-foreground" strokeWidth={1.75} />
              <span className="font-medium">{label}</span>
              <span className="min-w-0 flex-1 truncate text-muted-foreground text-xs max-sm:hidden">{hint}</span>
              <span className="flex-1 sm:hidden" />
              <span className={cn('tabular-nums', limit !== null && used > limit && 'font-medium text-destructive')}>
                {told}
              </span>
            </div>
            {limit === null ? null : <Meter label={label} told={told} used={used} limit={limit} />}
          </li>
        )
      })}
    </Rows>
  )
}

interface MeterProps {
  label: string
  told: string
  used: number
  limit: number
}

function Meter({ label, told, used, limit }: MeterProps) {
  const part = Math.min(1, used / limit)
  const tone = used > limit ? 'bg-destructive' : part >= 0.8 ? 'bg-warning' : 'bg-primary'
  return (
    <>
      <meter
        className="sr-only"
        aria-label={label}
        aria-valuetext={told}
        min={0}
        max={Math.max(used, limit)}
        value={used}
      />
      <div aria-hidden className="mt-2.5 h-1.5 overflow-hidden rounded-full bg-accent">
        {/* What is used at all can be seen. */}
        <div
          className={cn('h-full rounded-full transition-[width] duration-300', tone)}
          style={{ width: `${used === 0 ? 0 : Math.max(1.5, part * 100)}%` }}
        />
      </div>
    </>
  )
}
