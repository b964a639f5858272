// Prints what the official SDKs for Node read of a gateway at BASE, as lines of JSON.
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

const [base, text] = process.argv.slice(2);
const openai = new OpenAI({ baseURL: `${base}/v1`, apiKey: "sk-x" });
const anthropic = new Anthropic({ baseURL: base, apiKey: "sk-x" });
const show = (value) => console.log(JSON.stringify(value));
const messages = [{ role: "user", content: text }];
const asked = { model: "m", messages };

show((await openai.chat.completions.create(asked)).choices[0].message.content);
let said = "";
for await (const chunk of await openai.chat.completions.create({ ...asked, stream: true }))
  said += chunk.choices[0]?.delta?.content ?? "";
show(said);
show((await openai.responses.create({ model: "m", input: text })).output_text);
show((await openai.responses.stream({ model: "m", input: text }).finalResponse()).output_text);
show((await anthropic.messages.create({ ...asked, max_tokens: 9 })).content[0].text);
show(await anthropic.messages.stream({ ...asked, max_tokens: 9 }).finalText());

const call = [{ role: "user", content: `CALL ${JSON.stringify({ to: text })}` }];
const runner = openai.chat.completions.stream({
  model: "m",
  messages: call,
  tools: [{ type: "function", function: { name: "send", parameters: { type: "object", properties: {} } } }],
});
show(JSON.parse((await runner.finalMessage()).tool_calls[0].function.arguments).to);
const tools = [{ name: "send", input_schema: { type: "object", properties: {} } }];
const last = await anthropic.messages.stream({ model: "m", max_tokens: 9, messages: call, tools }).finalMessage();
show(last.content[0].input.to);
