/** A row of the sidebar. */
export const rowStyle =
  'flex h-7 w-full min-w-0 items-center gap-2 rounded-md px-2 text-left text-[13px] text-muted-foreground outline-offset-[-2px] hover:bg-sidebar-accent hover:text-foreground aria-[current=page]:bg-sidebar-accent aria-[current=page]:font-medium aria-[current=page]:text-foreground max-md:h-10 [&_svg]:size-4 [&_svg]:shrink-0'

/** Row buttons that come up with the pointer or the focus; always there where nothing hovers. */
export const rowActions =
  'absolute inset-y-0 right-1 flex items-center gap-px opacity-0 focus-within:opacity-100 group-hover/row:opacity-100 has-data-popup-open:opacity-100 pointer-coarse:opacity-100'
