import { useEffect, useState } from 'react'
import { liveChanges } from '../api/live.ts'

const LOOK_EVERY_MS = 4000
/** Opening takes a moment; only what stays closed is worth a word. */
const CLOSED_LOOKS = 2

/** Says when the stream of changes is broken; silent while all is well. */
export function LiveMark() {
  const [isBroken, setBroken] = useState(false)
  useEffect(() => {
    let closed = 0
    const timer = setInterval(() => {
      closed = liveChanges.isOpen === false ? closed + 1 : 0
      setBroken(closed >= CLOSED_LOOKS)
    }, LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <span role="status" className="live quiet">
      {isBroken ? 'Not live: reconnecting' : ''}
    </span>
  )
}
