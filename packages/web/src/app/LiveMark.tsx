import { useEffect, useState } from 'react'
import { liveChanges } from '../api/live.ts'

const LOOK_EVERY_MS = 3000

/** Says when the stream of changes is broken; silent while all is well. */
export function LiveMark() {
  const [isBroken, setBroken] = useState(false)
  useEffect(() => {
    const timer = setInterval(() => setBroken(liveChanges.isOpen === false), LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <span role="status" className="live quiet">
      {isBroken ? 'Not live: reconnecting' : ''}
    </span>
  )
}
