import { useState } from 'react';
import { FAIR_RATE, PORT_REUSE_NOTE, RATES } from '@/lib/curl/run';
import { Button } from '../../ui/Button';
import { Choice } from './Control';
import { changeSettings } from './settings-store';

const FAIR_RATES: readonly number[] = RATES.filter((rate) => rate <= FAIR_RATE);

/** Requests per second. Rates above {@link FAIR_RATE} are shown on demand, with a warning. */
export function RateControl({
  rate,
  locked,
  className,
}: {
  rate: number;
  locked: boolean;
  /** Class of the button that shows the higher rates. */
  className: string;
}) {
  const [higher, setHigher] = useState(false);
  const all = higher || rate > FAIR_RATE;
  return (
    <>
      <Choice
        label="Rate"
        name="Rate"
        choices={all ? RATES : FAIR_RATES}
        words={(each) => `${each}/s`}
        value={rate}
        locked={locked}
        onChange={(next) => changeSettings({ rate: next })}
      />
      {!all && !locked && (
        <Button
          look="bare"
          className={`-ml-2 text-xs text-dim ${className}`}
          onClick={() => setHigher(true)}
        >
          Higher rates
        </Button>
      )}
      {all && <p className="order-last w-full text-xs text-warn">{PORT_REUSE_NOTE}</p>}
    </>
  );
}
