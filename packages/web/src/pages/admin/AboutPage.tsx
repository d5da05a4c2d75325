import { about } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { Unknown } from '../../ui/Claimed.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Panel } from '../../ui/Panel.tsx'
import { sayCount } from '../../ui/words.ts'

export default function AboutPage() {
  const running = useCall(about, {})
  return (
    <>
      <PageHeader title="About" says="What is running here, and how old its knowledge is" />
      <Answer query={running} lines={5}>
        {(data) => (
          <>
            <Panel title="Wardkeeper">
              <dl className="facts">
                <dt>Version</dt>
                <dd>{data.version}</dd>
                <dt>Database</dt>
                <dd>{data.database}</dd>
                <dt>Data lies in</dt>
                <dd className="mono">
                  {data.dataFolder ?? <Unknown say="a database elsewhere" />}
                </dd>
                <dt>Fingerprints</dt>
                <dd>{sayCount(data.fingerprints)}</dd>
                <dt>Advisories</dt>
                <dd>{sayCount(data.advisories)}</dd>
                <dt>Licence</dt>
                <dd>Apache-2.0, without any warranty</dd>
                <dt>Interface for programs</dt>
                <dd>
                  <a href="/api/openapi.json">OpenAPI description</a>
                </dd>
              </dl>
            </Panel>
          </>
        )}
      </Answer>
    </>
  )
}
