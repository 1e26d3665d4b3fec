package dev.mehari;

import dev.mehari.cli.ImportCommand;
import dev.mehari.cli.KeysCommand;
import dev.mehari.cli.MehariCommand;
import dev.mehari.cli.TrainCommand;
import dev.mehari.config.MehariSettings;
import dev.mehari.config.ServerAddress;
import dev.mehari.offline.GatewayImport;
import dev.mehari.offline.KeyOffice;
import dev.mehari.offline.OfflineGateway;
import dev.mehari.offline.Training;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.gson.GsonAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The LLM gateway. {@code java -jar mehari.jar --help} tells how to run it. */
// The database is opened by the room that needs it. Mappers and thread pools of Spring's nobody asks for.
@SpringBootApplication(
        exclude = {
            DataSourceAutoConfiguration.class,
            DataSourceTransactionManagerAutoConfiguration.class,
            FlywayAutoConfiguration.class,
            GsonAutoConfiguration.class,
            JacksonAutoConfiguration.class,
            TaskExecutionAutoConfiguration.class,
            TaskSchedulingAutoConfiguration.class
        })
@EnableConfigurationProperties({MehariSettings.class, ServerAddress.class})
public class Mehari {
    private static final Logger log = LoggerFactory.getLogger(Mehari.class);

    public static void main(String[] args) {
        // Nothing to read: the reader of arguments alone takes a tenth of the start.
        int code = args.length == 0
                ? new MehariCommand(Mehari::run).call()
                : MehariCommand.line(Mehari::run, new OfflineGateway(Mehari.class))
                        .addSubcommand(new KeysCommand(KeyOffice::open))
                        .addSubcommand(new ImportCommand(new GatewayImport()))
                        .addSubcommand(new TrainCommand(() -> Training.run(Mehari.class)))
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
        // A jar in lib/ that knows Spring's web servers would have Spring Boot look for one; ours is another
        // (transport).
        application.setWebApplicationType(WebApplicationType.NONE);
        application.run(properties);
    }
}
