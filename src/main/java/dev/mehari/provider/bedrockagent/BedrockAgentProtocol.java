package dev.mehari.provider.bedrockagent;

import dev.mehari.chat.Answer;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.ResponseFolder;
import dev.mehari.config.AwsSettings;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Encoded;
import dev.mehari.provider.FieldTable;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.Provider;
import dev.mehari.provider.aws.AwsPath;
import dev.mehari.provider.bedrock.BedrockError;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import dev.mehari.transport.UpstreamTarget;
import org.springframework.stereotype.Component;

/** InvokeAgent over HTTP. It always answers with an event stream; for a client that wants the whole, it is gathered. */
@Component("bedrockAgent")
public final class BedrockAgentProtocol implements Protocol {
    private final BedrockAgentCalls calls = new BedrockAgentCalls();
    private final AgentTraces traces;

    public BedrockAgentProtocol(AgentTraces traces) {
        this.traces = traces;
    }

    @Override
    public String name() {
        return "bedrock-agent";
    }

    /** A session goes on at AWS. */
    @Override
    public boolean remembers() {
        return true;
    }

    @Override
    public Encoded encode(Ask ask) {
        Provider provider = ask.provider();
        UpstreamTarget target = provider.target();
        if (target == null) {
            throw new IllegalStateException("provider \"" + provider.name() + "\" has no base-url");
        }
        ChatRequest chat = ask.request().request().get();
        BedrockAgentRequest request = new BedrockAgentRequest(ask, chat, calls);
        byte[] body = request.encode();
        return new Encoded(
                new UpstreamRequest(
                        target,
                        path(ask) + AwsPath.segment(BedrockAgentSession.of(ask, chat)) + "/text",
                        provider.headers(),
                        body,
                        ask.stream(),
                        provider.timeouts(ask.request().maxTokens())),
                request.dropped());
    }

    /** A model such as {@code AGENT12345/ALIAS12345} names an agent of its own; any other the one in the settings. */
    private static String path(Ask ask) {
        AwsSettings aws = ask.provider().settings().aws();
        int slash = ask.model().indexOf('/');
        String agent = slash < 0 ? aws.agentId() : ask.model().substring(0, slash);
        String alias = slash < 0 ? aws.agentAliasId() : ask.model().substring(slash + 1);
        return "/agents/" + AwsPath.segment(agent == null ? "" : agent) + "/agentAliases/"
                + AwsPath.segment(alias == null ? "TSTALIASID" : alias) + "/sessions/";
    }

    /** Of addresses only those in S3. */
    @Override
    public boolean reads(String address) {
        return address.startsWith("s3://");
    }

    @Override
    public Answer decode(Ask ask, byte[] body) {
        ResponseFolder folder = new ResponseFolder();
        EventDecoder decoder = decodeStream(ask);
        decoder.feed(body, 0, body.length, folder);
        decoder.end(folder);
        return new Answer.Translated(folder.response(), decoder.names());
    }

    @Override
    public EventDecoder decodeStream(Ask ask) {
        return new BedrockAgentStream(ask, calls, traces);
    }

    @Override
    public FieldTable fields() {
        return BedrockAgentFields.TABLE;
    }

    @Override
    public GatewayException decodeError(Ask ask, UpstreamResponse response) {
        return BedrockError.decode(ask.provider(), response.status(), response::header, response.body());
    }
}
