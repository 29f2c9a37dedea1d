// A counter that speaks through the JavaScript SDK of CloudEvents, in every mode it has.
//
//   MOTCUA_URL=http://127.0.0.1:8001 MOTCUA_KEY=mc_… node post_events.mjs [folder that holds node_modules]
//
// Prints one line of JSON a mode: {"mode": …, "status": …, "results": […]}.

import { createRequire } from "node:module";
import path from "node:path";

const folder = process.argv[2] ?? process.cwd();
const { CloudEvent, HTTP, Mode } = createRequire(path.join(folder, "package.json"))("cloudevents");

function accepted(number) {
  return new CloudEvent({
    id: `js-${number}`,
    source: "/units/H35.12/counters/7",
    type: "vn.motcua.dossier.accepted.v1",
    time: "2020-06-01T09:12:00+07:00",
    subject: `000.01.12.H35-200601-100${number}`,
    datacontenttype: "application/json",
    data: { procedure_code: "1.001193", unit_code: "H35.12", channel: "direct" },
  });
}

async function send(mode, message) {
  const answer = await fetch(`${process.env.MOTCUA_URL}/v1/events`, {
    method: "POST",
    headers: { ...message.headers, authorization: `Bearer ${process.env.MOTCUA_KEY}` },
    body: message.body,
  });
  const told = await answer.json();
  console.log(JSON.stringify({ mode, status: answer.status, results: told.results ?? [told] }));
}

// The SDK writes no batches itself: a batch is the array of its structured events.
function batch(...events) {
  return {
    headers: { "content-type": "application/cloudevents-batch+json" },
    body: JSON.stringify(events.map((event) => event.toJSON())),
  };
}

await send(Mode.BINARY, HTTP.binary(accepted(1)));
await send(Mode.STRUCTURED, HTTP.structured(accepted(2)));
await send(Mode.BATCH, batch(accepted(1), accepted(3), accepted(4)));
