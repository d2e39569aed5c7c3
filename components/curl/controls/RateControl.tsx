import { useState } from 'react';
import { FAIR_RATE, PORT_REUSE_NOTE } from '@/lib/curl/run';
import { Button } from '../../ui/Button';
import { Choose } from './Control';
import { changeSettings } from './remembered';
import { FAIR_RATES, FAST_RATES } from './run-settings';

/** Fast rates come with what has to be said about them. */
export function RateControl({
  rate,
  fixed,
  second,
}: {
  rate: number;
  fixed: boolean;
  /** The class of what is of second rank. */
  second: string;
}) {
  const [faster, setFaster] = useState(false);
  const fast = faster || rate > FAIR_RATE;
  return (
    <>
      <Choose
        label="rate"
        name="Rate"
        choices={fast ? [...FAIR_RATES, ...FAST_RATES] : FAIR_RATES}
        words={(each) => `${each}/s`}
        value={rate}
        fixed={fixed}
        onChange={(next) => changeSettings({ rate: next })}
      />
      {!fast && !fixed && (
        <Button
          look="bare"
          className={`-ml-2 text-xs text-dim ${second}`}
          onClick={() => setFaster(true)}
        >
          faster…
        </Button>
      )}
      {fast && <p className="order-last w-full text-xs text-warn">{PORT_REUSE_NOTE}</p>}
    </>
  );
}
