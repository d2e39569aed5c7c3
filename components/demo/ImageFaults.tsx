import { useState } from 'react';
import type { DemoBody, DemoState } from '@/lib/demo-control';
import type { ServiceView } from '@/lib/swarm/view';
import { Button } from '../ui/Button';
import { FaultChoice } from './FaultChoice';
import { FaultGroup, type FaultActions } from './FaultGroup';
import { imagesOf, SIMULATED_CRASH } from './faults';

/** Makes an image's new tasks fail. `failing`: the images that do so now. */
export function ImageFaults({
  services,
  failing,
  off,
  change,
}: FaultActions & { services: readonly ServiceView[]; failing: DemoState['images'] }) {
  const images = imagesOf(services);
  const [chosen, choose] = useState('');
  const image = images.includes(chosen) ? chosen : (images[0] ?? '');
  const fails = failing.some((one) => one.image === image);
  const set = (body: Omit<DemoBody<'/image'>, 'image'>) =>
    change({ path: '/image', body: { image, ...body } });
  return (
    <FaultGroup
      title="Image failure"
      note={
        fails
          ? 'New tasks fail: kill a task or scale up. Tasks that are running continue.'
          : 'Running tasks continue. The next task of this image is rejected, or crashes, again and again.'
      }
    >
      <FaultChoice
        label="Image"
        value={image}
        options={images.map((name) => ({ value: name, text: name }))}
        disabled={off}
        onChange={choose}
      />
      {fails ? (
        <Button disabled={off} onClick={() => set({ pull: false, exit: null })}>
          Repair the image
        </Button>
      ) : (
        <>
          <Button disabled={off} onClick={() => set({ pull: true })}>
            Make pulls fail
          </Button>
          <Button disabled={off} onClick={() => set({ exit: SIMULATED_CRASH })}>
            Make it crash
          </Button>
        </>
      )}
    </FaultGroup>
  );
}
