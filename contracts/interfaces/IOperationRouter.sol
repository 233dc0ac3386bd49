// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title ERC-7884 (operation router): where writes are sent that this contract does not handle itself
/// @dev `getOperationHandler` is `0xa0b7b54e`, `OperationHandledOffchain` is `0x5d324fc4`; the ERC asks for no
/// ERC-165 claim. ENSIP-20 uses it for ENS records. https://eips.ethereum.org/EIPS/eip-7884
interface IOperationRouter {
    /// @notice The EIP-712 domain in which the writer signs.
    struct DomainData {
        string name;
        string version;
        uint64 chainId;
        address verifyingContract;
    }

    /// @notice The EIP-712 message that the writer signs, of type
    /// `Message(bytes data,address sender,uint256 expirationTimestamp)`.
    /// @param data The encoded function that is to be carried out.
    /// @param sender Who called `getOperationHandler`.
    /// @param expirationTimestamp The last second (since 1970) in which the operation may be accepted.
    struct MessageData {
        bytes data;
        address sender;
        uint256 expirationTimestamp;
    }

    /// @notice Nobody handles this function.
    error FunctionNotSupported();

    /// @notice Not a failure: sign `data` in the domain `sender`, and POST it to `url`.
    error OperationHandledOffchain(DomainData sender, string url, MessageData data);

    /// @notice Always reverts, with who handles the function or with `FunctionNotSupported`.
    /// @param encodedFunction The call data of the function, e.g. of `setText(bytes32,string,string)`.
    function getOperationHandler(bytes calldata encodedFunction) external view;
}
