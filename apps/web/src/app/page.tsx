import { Entrance } from '../account/entrance.tsx'

export default function Page() {
  return <Entrance />
}
