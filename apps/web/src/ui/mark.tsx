import { cn } from './classes.ts'

/** The product's sign: two carets meeting. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={cn('size-8', className)} aria-hidden fill="none">
      <rect width="32" height="32" rx="9" className="fill-primary" />
      <path d="M11 9v14M8.6 9h4.8M8.6 23h4.8" stroke="white" strokeWidth="2.2" strokeLinecap="round" />
      <path
        d="M21 9v14M18.6 9h4.8M18.6 23h4.8"
        stroke="white"
        strokeOpacity=".62"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
    </svg>
  )
}
