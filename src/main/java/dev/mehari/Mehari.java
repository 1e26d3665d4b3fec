package dev.mehari;

import dev.mehari.cli.ImportCommand;
import dev.mehari.cli.KeysCommand;
import dev.mehari.cli.MehariCommand;
import dev.mehari.config.MehariSettings;
import dev.mehari.config.ServerAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The LLM gateway. {@code java -jar mehari.jar --help} tells how to run it. */
// The database is opened by the room that needs it, and only then.
@SpringBootApplication(
        exclude = {
            DataSourceAutoConfiguration.class,
            DataSourceTransactionManagerAutoConfiguration.class,
            FlywayAutoConfiguration.class
        })
@EnableConfigurationProperties({MehariSettings.class, ServerAddress.class})
public class Mehari {
    private static final Logger log = LoggerFactory.getLogger(Mehari.class);

    public static void main(String[] args) {
        int code = MehariCommand.line(Mehari::run, new OfflineGateway())
                .addSubcommand(new KeysCommand(KeyOffice::open))
                .addSubcommand(new ImportCommand(new GatewayImport()))
                .execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    private static void run(String[] properties) {
        // Java's own trace on the console would pass by the log, and by what masks secrets there.
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, failure) -> log.error("the thread {} has ended", thread.getName(), failure));
        SpringApplication application = new SpringApplication(Mehari.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.run(properties);
    }
}
