import { Building2 } from 'lucide-react'
import { Blank } from '../ui/blank.tsx'

/** In the place of the content of an organization that is to be deleted, for its owner: others do not see it at all. */
export function ClosedOrganization() {
  return (
    <Blank
      icon={Building2}
      title="This organization is closed"
      className="mt-8 rounded-xl border border-dashed sm:max-w-none"
    >
      It is to be deleted. Keep it, and its projects and documents are there again, as they were.
    </Blank>
  )
}
