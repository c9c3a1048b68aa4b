// Prints the API requests that Tencent's deployment library makes of a serverless.yml (component multi-scf), without
// sending any. Standard input is that file as JSON, with all variables filled in; the argument says where the library is.
'use strict';

const library = `${process.argv[2]}/node_modules/tencent-component-toolkit/lib/modules`;
const { formatInputs } = require(`${library}/scf/utils`);
const triggerTypes = require(`${library}/triggers`).default;

// What multi-scf itself does on the server before it calls the library, its one part that is not in the library:
// https://github.com/serverless-components/tencent-multi-scf/blob/02cf563/src/formatter.ts
function functionInputs(common, own) {
  const inputs = { ...common, ...own };
  const variables = Object.fromEntries((inputs.environments || []).map(({ key, value }) => [key, value]));
  return { ...inputs, environment: { variables } };
}

function triggerPayload(trigger, functions, region, namespace) {
  const Trigger = triggerTypes[trigger.type];
  const inputs = { ...trigger, functionName: functions[trigger.function].name, namespace };
  return new Trigger({ credentials: {}, region }).formatInputs({ region, inputs });
}

async function main() {
  const { inputs } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
  const { functions, triggers, src, ...common } = inputs;
  const payloads = {
    functions: Object.values(functions).map((own) => formatInputs(functionInputs(common, own))),
    triggers: await Promise.all(
      triggers.map((trigger) => triggerPayload(trigger, functions, inputs.region, inputs.namespace)),
    ),
  };
  console.log(JSON.stringify(payloads));
}

main();
