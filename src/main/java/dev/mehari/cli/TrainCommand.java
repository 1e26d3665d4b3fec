package dev.mehari.cli;

import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import picocli.CommandLine.Command;

/** {@code mehari train}. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description =
                "Serves itself a few calls from the demo provider and ends. With java -XX:AOTCacheOutput=mehari.aot the"
                        + " JVM writes down what it did, and starts faster with it.")
public final class TrainCommand implements Callable<Integer> {
    private final IntSupplier training;

    /** @param training serves the calls and gives the exit code */
    public TrainCommand(IntSupplier training) {
        this.training = training;
    }

    @Override
    public Integer call() {
        return training.getAsInt();
    }
}
