import { Button, Group, List, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useCan } from '../api/session.ts'

/** An empty system: three steps to feed it. */
export function FirstRun() {
  const canUpload = useCan('captures:write')
  return (
    <Stack gap="sm" p="lg" maw={680}>
      <Text fw={600} size="lg">
        Nothing has been heard yet. Three ways to begin
      </Text>
      <List type="ordered" spacing="sm">
        <List.Item>
          <b>Hand in a capture.</b> A pcap or pcapng file from any switch or laptop shows its
          devices within seconds.{' '}
          {canUpload ? 'Drop it on the sensors page.' : 'An analyst or administrator can do that.'}
        </List.Item>
        <List.Item>
          <b>Listen to a mirror port.</b> Start Wardkeeper with <code>--interface</code> and the
          name of the network card that the mirror is plugged into. It only listens; nothing is
          sent.
        </List.Item>
        <List.Item>
          <b>Look around in the sample hospital.</b> Started without <code>--no-sample</code>,
          Wardkeeper reads a recorded small hospital with devices, findings and an attack.
        </List.Item>
      </List>
      <Group gap={8}>
        <Button component={Link} to="/sensors">
          Go to the sensors
        </Button>
      </Group>
    </Stack>
  )
}
